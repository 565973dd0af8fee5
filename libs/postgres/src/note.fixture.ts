import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('notes')
export class Note {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  text!: string;
}
